const GAP = '  '

/** @returns lines whose columns stand below each other, under a heading */
export function formatColumns(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const all = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
  return all.map((row) => line(row).join(GAP).trimEnd())
}

/** @returns `label  value` lines with the values in one column */
export function formatFields(
  fields: readonly (readonly [label: string, value: string])[],
): readonly string[] {
  const width = Math.max(...fields.map(([label]) => label.length))
  return fields.map(([label, value]) => `${label.padEnd(width)}${GAP}${value}`)
}
