const CONSOLE = '/console/'
const MAX_CHARACTERS = 1000

/** @returns path and query within this app; those of the console where the text leads anywhere else */
export function returnPathOf(text: string | undefined, publicUrl: string): string {
  if (text === undefined || text.length > MAX_CHARACTERS || !text.startsWith('/')) return CONSOLE
  if (!URL.canParse(text, publicUrl)) return CONSOLE
  const { origin, pathname, search } = new URL(text, publicUrl)
  const leadsBack = pathname.startsWith('/auth/') || pathname.startsWith('//')
  return origin === new URL(publicUrl).origin && !leadsBack ? pathname + search : CONSOLE
}
