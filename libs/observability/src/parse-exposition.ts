/** One value of a Prometheus metric. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Samples of the requested names; any app has far fewer. */
const MAX_SAMPLES = 2000

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$/
const SHORTEST_LINE = 'a 1'
/** It begins where a word does: a name that never ends would be tried from each of its letters. */
const LABEL = /(?<!\w)([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' }

/**
 * Reads the finite values of Prometheus' text format. What is not understood is passed over: the text comes from another
 * process, maybe another version.
 *
 * @param names of the metrics to read; default: all
 * @returns at most 2,000 samples
 */
export function parseExposition(text: string, names?: ReadonlySet<string>): Sample[] {
  const samples: Sample[] = []
  for (const line of linesOf(text)) {
    const [, name = '', labels = '', number = ''] = LINE.exec(line.trimEnd()) ?? []
    if (name === '' || names?.has(name) === false) continue
    const value = Number(number)
    if (!Number.isFinite(value)) continue
    samples.push({ name, labels: parseLabels(labels), value })
    if (samples.length === MAX_SAMPLES) break
  }
  return samples
}

/** Those that can hold a sample, one after the other: a list of all lines may take a million times the memory of its samples. */
function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from)
    const to = newline < 0 ? text.length : newline
    if (to - from >= SHORTEST_LINE.length) yield text.slice(from, to)
    from = to + 1
  }
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [, name = '', value = ''] of text.matchAll(LABEL))
    labels[name] = value.replace(/\\(.)/g, (whole, char: string) => ESCAPED[char] ?? whole)
  return labels
}
