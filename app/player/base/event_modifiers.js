// Keys and buttons that make an event one of the browser's own.

// With one of these an arrow key goes back in the history, and a letter is a command.
export const isBrowserShortcut = ({ altKey, ctrlKey, metaKey }) => Boolean(altKey || ctrlKey || metaKey);

// A press that opens a menu. The menu may keep the end of the press, so a drag must not begin with it.
export const opensMenu = ({ button, ctrlKey }) => Boolean(button || ctrlKey);
