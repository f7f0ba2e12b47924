import { hash } from 'node:crypto'

/**
 * What tells the items of one key apart, as envelopes, headers and dead letters hold it: `<hash>` where the key names this
 * one event, `<hash>.<number>` where it names a request of several, in which the item is the n-th of its text.
 */
export interface ItemIdentity {
  /** SHA-256 of the item's text as it was received, in base64url. */
  readonly hash: string
  /** How many items of the same text stand before it in its request; undefined where the key names this one event. */
  readonly number: number | undefined
}

const ITEM = /^([\w-]{43})(?:\.(\d{1,6}))?$/

/** @param text as it was received: JSON, whose blanks around the value do not count */
export function hashItemText(text: string): string {
  return hash('sha256', trimBlanks(text), 'base64url')
}

/** @returns the text of an identity */
export function encodeItemIdentity({ hash: of, number }: ItemIdentity): string {
  return number === undefined ? of : `${of}.${number}`
}

/** @returns undefined for a text that is no identity: any client of the broker may send one */
export function parseItemIdentity(text: unknown): ItemIdentity | undefined {
  const match = typeof text === 'string' ? ITEM.exec(text) : null
  if (!match) return undefined
  return { hash: match[1]!, number: match[2] === undefined ? undefined : Number(match[2]) }
}

/** The key of an item of a request, in the form that consumers before version 0.2 know. */
export function placeKey(requestKey: string, place: number): string {
  return `${requestKey}#${place}`
}

/** The key of the request, of a key that {@link placeKey} made. */
export function requestKeyOf(key: string): string {
  const at = key.lastIndexOf('#')
  return at < 0 ? key : key.slice(0, at)
}

/** Only what JSON takes for a blank: JavaScript's trim takes more. Mostly there is none. */
function trimBlanks(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return to - from === text.length ? text : text.slice(from, to)
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09
}
