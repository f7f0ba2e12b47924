import { encodeItemIdentity, hashItemText, placeKey, type Kind } from '@runnel/contracts'

/** The key of an item, and what it names. */
export interface ItemKey {
  readonly text: string
  /** It names the request: how many items of each text came before. Undefined where it names this one event. */
  readonly seen?: Map<string, number>
  /** It names an event of a body of these very bytes: what the item says needs no hash. */
  readonly namesEvent?: true
}

/** Where an event stands in its body: the client's number of its item, and how many events of that item stand before it. */
export interface ItemPlace {
  index: number
  number: number
}

/** @param own of the event itself, which goes before that of the request */
export function keyAt(
  own: string | undefined,
  requestKey: string | undefined,
  place: number,
  seen: Map<string, number>,
): ItemKey | undefined {
  if (own !== undefined) return { text: own }
  return requestKey === undefined ? undefined : { text: placeKey(requestKey, place), seen }
}

/**
 * By the number of the item, which the bytes alone decide: how many items before it were refused is up to limits, and the replica that
 * gets the same bytes again may have others.
 */
export function keyOfPlace(bodyKey: string | undefined, { index, number }: ItemPlace): ItemKey | undefined {
  if (bodyKey === undefined) return undefined
  return { text: `${bodyKeyPrefix(bodyKey)}${index}.${number}`, namesEvent: true }
}

/** What the keys of all events of a body begin with. */
export function bodyKeyPrefix(bodyKey: string): string {
  return `${bodyKey}.`
}

/** What an item says, beside its key. */
export function identify(kind: Kind, text: string, { seen }: ItemKey): string {
  const hash = hashItemText(text)
  if (seen === undefined) return hash
  const number = seen.get(kind + hash) ?? 0
  seen.set(kind + hash, number + 1)
  return encodeItemIdentity({ hash, number })
}
