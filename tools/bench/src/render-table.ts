/** Text in columns, in the manner of Markdown, so that it can be pasted into a document as it is. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows]
  const widths = header.map((_, i) => Math.max(3, ...lines.map((cells) => cells[i]?.length ?? 0)))
  const render = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [render(header), rule, ...rows.map(render)].join('\n')
}
