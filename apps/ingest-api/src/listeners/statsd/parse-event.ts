import { AppError } from '@runnel/contracts'
import { parseTags } from './parse-tags.ts'

const EVENT = /^_e\{(\d{1,7}),(\d{1,7})\}:/
const LEVELS: ReadonlyMap<string, string> = new Map([
  ['error', 'error'],
  ['warning', 'warn'],
  ['info', 'info'],
  ['success', 'info'],
])
/** Of service checks: OK, WARNING, CRITICAL, UNKNOWN. */
const STATUSES = ['info', 'warn', 'error', 'warn'] as const
/** Sections of an event, and what they are called as attributes. */
const EVENT_NAMES: ReadonlyMap<string, string> = new Map([
  ['h', 'hostname'],
  ['k', 'aggregationKey'],
  ['p', 'priority'],
  ['s', 'sourceType'],
  ['t', 'alertType'],
  ['c', 'container'],
  ['m', 'message'],
])

/** Reads an event of DogStatsD, `_e{5,4}:title|text|d:...|#tags`, as a log. @throws AppError invalid_field */
export function parseEvent(line: string): string {
  const match = EVENT.exec(line)
  if (match === null) throw malformed('expected _e{length,length}:title|text')
  // Lengths are bytes of UTF-8.
  const bytes = Buffer.from(line.slice(match[0].length))
  const [titleBytes, textBytes] = [Number(match[1]), Number(match[2])]
  const textEnd = titleBytes + 1 + textBytes
  if (bytes[titleBytes] !== 0x7c || textEnd > bytes.length)
    throw malformed('its lengths are not those of its texts')
  const title = bytes.toString('utf8', 0, titleBytes)
  const text = bytes.toString('utf8', titleBytes + 1, textEnd).replaceAll('\\n', '\n')
  const { seconds, tags, attributes } = readSections(bytes.toString('utf8', textEnd))
  return JSON.stringify({
    timestamp: seconds,
    level: LEVELS.get(String(attributes['alertType'] ?? 'info')),
    service: tags['service'],
    message: title,
    attributes: { ...tags, ...attributes, text },
  })
}

/** Reads `_sc|name|status|d:...|h:...|#tags|m:message` as a log. @throws AppError invalid_field */
export function parseServiceCheck(line: string): string {
  const [, name = '', status = '', ...more] = line.split('|')
  const level = /^[0-3]$/.test(status) ? STATUSES[Number(status)] : undefined
  if (name === '' || level === undefined)
    throw malformed('expected _sc|name|status, with a status from 0 to 3')
  const { seconds, tags, attributes } = readSections(more.map((text) => `|${text}`).join(''))
  const { message, ...others } = attributes
  return JSON.stringify({
    timestamp: seconds,
    level,
    service: tags['service'],
    message: message ?? name,
    attributes: { ...tags, ...others, check: name, status: Number(status) },
  })
}

interface EventSections {
  readonly seconds: number | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string>>
}

/** @param text empty, or with a `|` before each section; a message is the last one, and may hold more of them */
function readSections(text: string): EventSections {
  const attributes: Record<string, string> = {}
  let seconds: number | undefined
  let tags: Readonly<Record<string, string>> = {}
  const at = text.indexOf('|m:')
  if (at >= 0) attributes['message'] = text.slice(at + 3).replaceAll('m\\:', 'm:')
  for (const section of (at < 0 ? text : text.slice(0, at)).split('|')) {
    const name = EVENT_NAMES.get(section.slice(0, section.indexOf(':')))
    if (section.startsWith('#')) tags = parseTags(section.slice(1).split(','), ':')
    else if (/^d:\d{1,12}$/.test(section)) seconds = Number(section.slice(2))
    else if (name !== undefined) attributes[name] = section.slice(section.indexOf(':') + 1)
  }
  return { seconds, tags, attributes }
}

function malformed(expected: string): AppError {
  return new AppError('invalid_field', `The line is no event of DogStatsD: ${expected}`)
}
