import type { ClientChangePreview } from '../../api/clients.ts'

export type Selection = Pick<ClientChangePreview, 'filter' | 'phones'>

/** The filters of an address as a change of many takes them. */
export function selectFiltered(filter: Readonly<Record<string, unknown>>): Selection {
  const given = Object.entries(filter).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  )
  return {
    filter: Object.fromEntries(
      given.map(([name, value]) => [name, name === 'optedOut' ? value === 'true' : value]),
    ) as NonNullable<Selection['filter']>,
  }
}

/** Phones as they are pasted: one to a line, or with commas or semicolons between them. */
export function selectPhones(text: string): Selection {
  const phones = text.split(/[\n,;]/).map((phone) => phone.trim())
  return { phones: [...new Set(phones.filter((phone) => phone !== ''))] }
}
