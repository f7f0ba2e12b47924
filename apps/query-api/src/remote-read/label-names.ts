/** How names of metrics and labels stand in an answer. */
export interface LabelNames {
  /** Name of a metric as Runnel has it -> as the reader sees it, and back. */
  metric(name: string): string
  label(name: string): string
  original(name: string): string
}

/** As they are: Prometheus takes every text for a name from 3.0 on. */
export const PLAIN_NAMES: LabelNames = {
  metric: (name) => name,
  label: (name) => name,
  original: (name) => name,
}

/** Names that every Prometheus takes. */
const LEGACY_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const LEGACY_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/

const PREFIX = 'U__'

/** In the form that Prometheus has for this (values encoded), for readers older than 3.0: no two names become one. */
export const ESCAPED_NAMES: LabelNames = {
  metric: (name) => escapeName(name, LEGACY_METRIC),
  label: (name) => escapeName(name, LEGACY_LABEL),
  original: unescapeName,
}

function escapeName(name: string, legacy: RegExp): string {
  if (legacy.test(name) && !name.startsWith(PREFIX)) return name
  let escaped = PREFIX
  for (const character of name) {
    if (character === '_') escaped += '__'
    else if (/^[a-zA-Z0-9]$/.test(character)) escaped += character
    else escaped += `_${character.codePointAt(0)!.toString(16)}_`
  }
  return escaped
}

function unescapeName(name: string): string {
  if (!name.startsWith(PREFIX)) return name
  return name.slice(PREFIX.length).replace(/__|_([0-9a-f]{1,6})_/g, (whole, code: string | undefined) => {
    const point = code === undefined ? NaN : Number.parseInt(code, 16)
    if (code === undefined) return '_'
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
