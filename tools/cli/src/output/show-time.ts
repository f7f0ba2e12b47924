/** `2030-01-31 12:00 UTC`, or what stands for no time. */
export function showMinute(time: string | null, none = 'never'): string {
  return time === null ? none : `${time.slice(0, 16).replace('T', ' ')} UTC`
}
