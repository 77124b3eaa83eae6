/**
 * Hands a file to the browser's downloads.
 *
 * @param {string} name
 * @param {string} mime
 * @param {BlobPart} content
 */
export function saveFile(name, mime, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: mime }));
  link.download = name;
  link.click();
  // The download has begun with the click; the address is needed no more.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
