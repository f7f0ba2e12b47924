/** What a mailing is called; a name may be left out. */
export function mailingTitle({ id, name }: { readonly id: number; readonly name: string }): string {
  return name.trim() === '' ? `Mailing ${id}` : name
}
