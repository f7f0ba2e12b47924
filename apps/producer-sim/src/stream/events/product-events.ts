import type { Random } from '../../load/random.ts'
import type { EventMaker } from './event-maker.ts'
import { CATALOGUE, FIRST_STREAM_PRODUCT_ID } from './product-catalogue.ts'
import { createWalk } from './create-walk.ts'
import { round } from './round.ts'

/** Prices move within a fifth of the catalogue's. */
const FACTOR = { home: 1, step: 0.025, pull: 0.05, min: 0.8, max: 1.2 }
const STOCK = { home: 60, step: 6, pull: 0.02, min: 0, max: 400 }

/** Price changes of a small catalogue: first each product once, so that all are there, then any of them. */
export function createProductEvents(random: Random): EventMaker {
  const walks = CATALOGUE.map(() => ({
    factor: createWalk(random, FACTOR),
    stock: createWalk(random, STOCK),
  }))
  let seq = 0
  return () => {
    const index = seq < CATALOGUE.length ? seq : Math.floor(random() * CATALOGUE.length)
    seq++
    const { name, manufacturer, category, price } = CATALOGUE[index]!
    const { factor, stock } = walks[index]!
    return {
      id: FIRST_STREAM_PRODUCT_ID + index,
      name,
      price: round(price * factor(), 2),
      manufacturer,
      category,
      currency: 'EUR',
      stock: Math.round(stock()),
    }
  }
}
