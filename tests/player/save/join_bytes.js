// The bytes of a file that is made in parts.
export const joinBytes = (parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
