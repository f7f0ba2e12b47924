import {
  AppError,
  isExactNumber,
  isJsonObject,
  levelOfSyslog,
  readLevelName,
  toDouble,
  type JsonObject,
  type JsonValue,
} from '@runnel/contracts'
import { setMember } from '@runnel/json'
import { firstIndexedText, indexedText } from '../shared/indexed-text.ts'
import { timeOfSeconds } from '../shared/time-of-seconds.ts'

/** Members of GELF that say the same in a log of Runnel under another name, or nothing. */
const TAKEN = new Set(['version', 'short_message', 'timestamp', 'level'])

/** Where clients say which service it is, the first one first. GELF itself has the host alone. */
const SERVICE_NAMES = [
  ...['_service', '_service.name', '_service_name', '_app', '_application', '_application_name', '_program'],
  ...['facility', '_facility', 'host'],
]

/**
 * A message of GELF as a log: `_x` becomes the attribute `x`, and so does every other member that has no place of its own.
 * For all transports of GELF.
 *
 * @param message as its JSON says
 * @returns the log, as JSON that has yet to be admitted
 * @throws AppError invalid_field | missing_field where it is no message of GELF
 */
export function mapGelf(message: JsonValue): JsonObject {
  if (!isJsonObject(message)) {
    throw new AppError('invalid_field', 'A GELF message is a JSON object', {
      field: '',
      expected: 'an object',
    })
  }
  const text = messageOf(message)
  const level = levelOf(message)
  const service = firstIndexedText(message, SERVICE_NAMES)
  return {
    ...(message['timestamp'] !== undefined && { timestamp: timeOfSeconds(message['timestamp']) }),
    ...(level !== undefined && { level }),
    ...(service !== undefined && { service }),
    message: text,
    attributes: attributesOf(message, text),
  }
}

/** Loggers put objects where a text belongs: those are the text of their JSON. @throws AppError missing_field */
function messageOf(message: JsonObject): string {
  const sent = [message['short_message'], message['full_message'], message['message']]
  const found = sent.find((one) => one !== undefined && one !== null)
  if (found !== undefined) return typeof found === 'string' ? found : JSON.stringify(found)
  throw new AppError('missing_field', 'The GELF message has no short_message', {
    field: '/short_message',
    expected: 'text',
  })
}

function levelOf(message: JsonObject): string | undefined {
  const sent = message['level']
  const number = isExactNumber(sent) ? toDouble(sent) : sent
  if (typeof number === 'number' || (typeof number === 'string' && /^[0-7]$/.test(number))) {
    const severity = Number(number)
    return isOfWinston(message) ? WINSTON_LEVELS[severity] : (levelOfSyslog(severity) ?? String(severity))
  }
  const name = indexedText(sent)
  return name === undefined ? undefined : readLevelName(name)
}

/** winston-log2gelf numbers its levels from error on, where GELF has the severities of syslog. */
const WINSTON_LEVELS = ['error', 'warn', 'info', 'debug', 'debug', 'trace']

/** The members that it writes, always these and in this order; no other client that is known does. */
const WINSTON_MEMBERS = [
  ...['version', 'timestamp', 'level', 'host', 'short_message', 'full_message', '_service', '_environment'],
]

/** There is no other sign of that client: a message of it has the version of GELF and no name. */
function isOfWinston(message: JsonObject): boolean {
  let i = 0
  for (const name in message) {
    if (name !== WINSTON_MEMBERS[i++]) return false
    if (i === WINSTON_MEMBERS.length) return true
  }
  return false
}

function attributesOf(message: JsonObject, text: string): JsonObject {
  const attributes: JsonObject = {}
  for (const name in message) {
    const value = message[name]!
    if (TAKEN.has(name) ? !isMoreThanTaken(name, value) : name === 'full_message' && value === text) continue
    setMember(attributes, nameOf(name, message), value)
  }
  return attributes
}

/** What the log cannot hold in the place that is meant for it. */
function isMoreThanTaken(name: string, value: JsonValue): boolean {
  return name === 'short_message' && typeof value === 'object' && value !== null
}

/** `_host` keeps its name where there is a `host` beside it. */
function nameOf(name: string, message: JsonObject): string {
  const plain = name.slice(1)
  if (!name.startsWith('_') || plain === '') return name
  return Object.hasOwn(message, plain) && !HIDDEN.has(plain) ? name : plain
}

/** Never attributes themselves. */
const HIDDEN = new Set(['version', 'timestamp', 'level'])
