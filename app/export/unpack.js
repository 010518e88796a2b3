// Unpack the modules and the messages in this page.

const decompress = (name) => {
  const bytes = Uint8Array.from(atob(document.getElementById(name).textContent), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
};
const decodeBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const createModuleUrl = (code) => URL.createObjectURL(new Blob([code], { type: "text/javascript" }));

const resolvePath = (other, name) => new URL(other, `folder:/${name}`).pathname.slice(1);

// Give every module a URL, after those that it imports.
function linkModules(modules) {
  const moduleUrls = {};
  const getUrl = (name) => (moduleUrls[name] ??= createModuleUrl(modules[name].replace(/ from "(\.[\w./-]+)"/g, (_, other) => ` from "${getUrl(resolvePath(other, name))}"`)));
  Object.keys(modules).forEach(getUrl);
  return moduleUrls;
}
