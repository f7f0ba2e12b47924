const OFFSET = /([+-])(\d\d):?(\d\d)(?::?(\d\d))?$/

/** What a text such as `+02:00`, `-0330` or `GMT+02:00` ends with. @returns milliseconds, 0 where it has no offset */
export function readOffsetMs(text: string): number {
  const match = OFFSET.exec(text)
  if (match === null) return 0
  const ms = (Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0)) * 1000
  return match[1] === '-' ? -ms : ms
}
