/**
 * Where menus and tooltips are put in: over an open dialog, which lies above everything else; else in the page's
 * main landmark, where screen readers find them.
 */
export function overlayPlace(): Element {
  return document.querySelector('dialog[open]') ?? document.querySelector('main') ?? document.body;
}
