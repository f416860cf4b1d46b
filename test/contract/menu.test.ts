import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot, sourceFiles } from '../support/imports.ts';

// The desktop's menu cannot import the page; this keeps the two together.
const menu = readFileSync(join(projectRoot, 'electron/main/menu.ts'), 'utf8');
const commands = [...menu.matchAll(/command\('[^']+', '([\w.-]+)'/g)].map(([, id]) => id ?? '');
const page = sourceFiles(join(projectRoot, 'renderer')).map((file) => readFileSync(file, 'utf8'));
const views = page.flatMap((text) =>
  [...text.matchAll(/\bview: \{\s*id: '([\w-]+)'/g)].map(([, id]) => `view.${id ?? ''}`),
);

test('the menu of the desktop has every view of the console, in one place each', () => {
  expect(views.length).toBeGreaterThan(2);
  expect(commands.filter((id) => id.startsWith('view.')).toSorted()).toEqual(views.toSorted());
});

test('what the menu asks for is a command of the console', () => {
  const others = commands.filter((id) => !id.startsWith('view.'));
  expect(others.length).toBeGreaterThan(5);
  expect(others.filter((id) => !page.some((text) => text.includes(`id: '${id}'`)))).toEqual([]);
});
