/**
 * The shadow tree of an element, in which a code editor lives.
 * SECURITY: the editor brings its own style rules. In a shadow tree it puts them into constructed style sheets, so
 * the page's content security policy can go on allowing styles from files alone.
 */
export function shadowOf(host: HTMLElement): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: 'open' });
}
