import { visible } from '../text.ts';
import type { ReportPart } from './layout.ts';

/** SECURITY: what stands in a log is text here: escaped, and control characters shown. */
export function asHtml(title: string, parts: readonly ReportPart[]): string {
  const body = parts.map(({ heading, text, table }) => {
    const paragraphs = text.map((line) => `<p>${html(line)}</p>`).join('\n');
    if (table === undefined) return `<h2>${html(heading)}</h2>\n${paragraphs}`;
    const head = table.head.map((cell) => `<th scope="col">${html(cell)}</th>`).join('');
    const rows = table.rows.map((row) => `<tr>${row.map((cell) => `<td>${html(cell)}</td>`).join('')}</tr>`);
    return `<h2>${html(heading)}</h2>\n${paragraphs}\n<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #999; overflow-wrap: anywhere; padding: 4px 8px; text-align: left; vertical-align: top; }
</style>
</head>
<body>
<h1>${html(title)}</h1>
${body.join('\n')}
</body>
</html>
`;
}

export function asMarkdown(title: string, parts: readonly ReportPart[]): string {
  const body = parts.map(({ heading, text, table }) => {
    const lines = [`## ${markdown(heading)}`, ...text.map(markdown)];
    if (table !== undefined) {
      const row = (cells: readonly string[]): string => `| ${cells.map(markdown).join(' | ')} |`;
      lines.push(
        [row(table.head), `|${table.head.map(() => '---').join('|')}|`, ...table.rows.map(row)].join('\n'),
      );
    }
    return lines.join('\n\n');
  });
  return `# ${markdown(title)}\n\n${body.join('\n\n')}\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function html(text: string): string {
  return visible(text).replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

function markdown(text: string): string {
  return visible(text).replaceAll(/[\\`*_[\]<>|#]/g, (character) => `\\${character}`);
}
