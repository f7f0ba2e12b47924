export interface CatalogueEntry {
  readonly name: string
  readonly manufacturer: string
  readonly category: string
  /** Euros, around which the price moves. */
  readonly price: number
}

/** Ids from here on, one per entry of the catalogue, belong to the simulator; a real catalogue keeps clear of them. */
export const FIRST_STREAM_PRODUCT_ID = 900_000_001

export const CATALOGUE: readonly [CatalogueEntry, ...CatalogueEntry[]] = [
  { name: 'Reading lamp', manufacturer: 'Lumo', category: 'lighting', price: 39 },
  { name: 'Floor lamp', manufacturer: 'Lumo', category: 'lighting', price: 119 },
  { name: 'String of lights', manufacturer: 'Lumo', category: 'lighting', price: 14.9 },
  { name: 'Kettle 1.7 l', manufacturer: 'Brühwerk', category: 'kitchen', price: 34.5 },
  { name: 'Espresso machine', manufacturer: 'Brühwerk', category: 'kitchen', price: 249 },
  { name: 'Hand grinder', manufacturer: 'Brühwerk', category: 'kitchen', price: 59 },
  { name: 'Standing desk', manufacturer: 'Nordholz', category: 'office', price: 429 },
  { name: 'Desk chair', manufacturer: 'Nordholz', category: 'office', price: 199 },
  { name: 'Bookshelf', manufacturer: 'Nordholz', category: 'office', price: 89 },
  { name: 'Backpack 20 l', manufacturer: 'Pendel', category: 'travel', price: 79 },
  { name: 'Cabin suitcase', manufacturer: 'Pendel', category: 'travel', price: 139 },
  { name: 'Rain cover', manufacturer: 'Pendel', category: 'travel', price: 12.5 },
  { name: 'Headphones', manufacturer: 'Klar Audio', category: 'audio', price: 149 },
  { name: 'Bookshelf speakers', manufacturer: 'Klar Audio', category: 'audio', price: 299 },
  { name: 'Notebook A5', manufacturer: 'Papeterie Sud', category: 'paper', price: 6.9 },
  { name: 'Fountain pen', manufacturer: 'Papeterie Sud', category: 'paper', price: 24 },
]
