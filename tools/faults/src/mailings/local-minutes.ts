const formats = new Map<string, Intl.DateTimeFormat>()

/** The wall clock of a zone in minutes since midnight, by Intl: not by the engine that the dispatcher uses. */
export function localMinutes(timeZone: string, atMs: number): number {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
    formats.set(timeZone, format)
  }
  const [hours, minutes] = format.format(atMs).split(':')
  return Number(hours) * 60 + Number(minutes)
}

/** Whether a window, which may cross midnight, is open at a time of day. */
export function isOpen(
  { from, to }: { readonly from: number; readonly to: number },
  minutes: number,
): boolean {
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to
}
