/** One line of /metrics. */
export interface Series {
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
}

const LINE = /^(\w+)(?:\{(.*)\})? \S+$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** Reads the text format of Prometheus, as far as names and labels go. @throws Error at a line that is none of it */
export function parseExposition(text: string): Series[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, metric, labels = ''] = LINE.exec(line) ?? []
      if (metric === undefined) throw new Error(`No line of /metrics: ${line}`)
      const pairs = [...labels.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value] as const)
      return { metric, labels: Object.fromEntries(pairs) }
    })
}
