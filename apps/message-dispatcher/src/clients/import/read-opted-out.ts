const WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['true', '1', 'yes', 'y', 't', 'on', 'x', 'да', 'истина', '+'].map((word) => [word, true] as const),
  ...['false', '0', 'no', 'n', 'f', 'off', 'нет', 'ложь', '-'].map((word) => [word, false] as const),
  ...['unsubscribed', 'opted out', 'отписан', 'отписался'].map((word) => [word, true] as const),
  ...['subscribed', 'opted in', 'подписан'].map((word) => [word, false] as const),
])

/** Programs that note when a client opted out leave the field empty for the others. */
const DATE = /^(\d{4}-\d\d?-\d\d?|\d\d?[./]\d\d?[./]\d{4})(\D|$)/

/** @returns whether a text says that a client has opted out; undefined where it is not known to say either */
export function readOptedOut(text: string): boolean | undefined {
  const word = text.toLowerCase()
  return WORDS.get(word) ?? (DATE.test(word) ? true : undefined)
}

/** The same of a column that says whether a client agrees. */
export function readOptedIn(text: string): boolean | undefined {
  const word = text.toLowerCase()
  const optedOut = WORDS.get(word)
  if (optedOut === undefined) return DATE.test(word) ? false : undefined
  // `unsubscribed` says the same in a column of either kind.
  return word.length > 6 ? optedOut : !optedOut
}
