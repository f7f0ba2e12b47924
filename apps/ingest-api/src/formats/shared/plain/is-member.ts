/** @returns whether the name of a member, without its quotes, is that */
export function isMember(bytes: Uint8Array, nameFrom: number, nameTo: number, name: Uint8Array): boolean {
  if (nameTo - nameFrom !== name.length) return false
  for (let i = 0; i < name.length; i++) if (bytes[nameFrom + i] !== name[i]) return false
  return true
}

/** What an event is known by, if it is there: for admission to read. */
export const OWN_KEY = Buffer.from('eventId')
