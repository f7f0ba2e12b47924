/** A mailbox: its address, and the name that is shown with it. */
export interface Mailbox {
  readonly name: string
  readonly address: string
}

const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@<>()[\]\\,;:"\p{Cc}]{1,190}$/u
const NAMED = /^(?<name>[^<>"\p{Cc}]{0,100})<(?<address>[^<>]+)>$/u

/** @throws Error whose message says what was expected */
export function parseEmailAddress(text: string): string {
  if (!ADDRESS.test(text)) throw new Error('e-mail addresses such as ann@example.com')
  return text
}

/** `Runnel <runnel@example.com>`, or the address alone. @throws Error whose message says what was expected */
export function parseMailbox(text: string): Mailbox {
  const { name = '', address = text } = NAMED.exec(text)?.groups ?? {}
  if (!ADDRESS.test(address.trim())) throw new Error('an e-mail address, or Runnel <runnel@example.com>')
  return { name: name.trim(), address: address.trim() }
}
