import { describe, expect, test } from 'vitest';
import { architecturePicture } from './architecture.ts';
import { terminalPicture } from './terminal.ts';

describe('the pictures of README.md', () => {
  test('are the same for the same text', async () => {
    const dot = 'digraph { a -> b }';
    expect(await architecturePicture(dot, 'x')).toBe(await architecturePicture(dot, 'x'));
  });

  test('have colours for light and dark, and a background of their own', async () => {
    const svg = await architecturePicture('digraph { a [class=telemetry] }', 'x');
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toMatch(/<rect class="paper"/);
    expect(svg).toContain('class="node telemetry"');
  });

  test('are refused for a text that Graphviz cannot read', async () => {
    await expect(architecturePicture('digraph {', 'x')).rejects.toThrow(/syntax error/);
  });

  test('show a terminal as it was, signs of markup included', () => {
    const svg = terminalPicture('$ npm start\n  a <b> & c\n', 'x');
    expect(svg).toContain('class="typed" xml:space="preserve">$ npm start<');
    expect(svg).toContain('>  a &lt;b&gt; &amp; c<');
  });
});
