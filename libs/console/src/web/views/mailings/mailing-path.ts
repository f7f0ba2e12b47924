/** What an address below /console/mailings shows. */
export type MailingPath =
  { readonly view: 'list' | 'new' | 'missing' } | { readonly view: 'one' | 'edit'; readonly id: number }

export const MAILINGS = '/console/mailings'

export function parseMailingPath(path: string): MailingPath {
  const [, rest] = /^\/console\/mailings\/?(.*?)\/?$/.exec(path) ?? []
  if (rest === '') return { view: 'list' }
  if (rest === 'new') return { view: 'new' }
  const [, digits, edit] = /^(\d{1,15})(\/edit)?$/.exec(rest ?? '') ?? []
  const id = Number(digits)
  if (!(id > 0)) return { view: 'missing' }
  return { view: edit === undefined ? 'one' : 'edit', id }
}

export function mailingHref(id: number, part = ''): string {
  return `${MAILINGS}/${id}${part}`
}
