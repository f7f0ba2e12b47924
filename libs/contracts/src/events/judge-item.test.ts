import { describe, expect, it } from '@jest/globals'
import type { JsonObject } from '../json-value.ts'
import { judgeItem } from './judge-item.ts'

const legacy = { ID: 7, Name: 'pen', Price: 2, Manufacturer: 'bic', Colour: 'red' }

describe('judgeItem', () => {
  it('reads capitalised members of a raw product, and leaves what was sent as it is', () => {
    const sent = { ...legacy, ...(JSON.parse('{"__proto__":{"a":1}}') as JsonObject) }
    const before = JSON.stringify(sent)
    const read = judgeItem('products', 'upsert', sent, 'raw')
    expect(JSON.stringify(read)).toBe(
      '{"id":7,"name":"pen","price":2,"manufacturer":"bic","Colour":"red","__proto__":{"a":1}}',
    )
    expect(JSON.stringify(sent)).toBe(before)
  })

  it('takes the same members of a posted product for attributes', () => {
    expect(() => judgeItem('products', 'upsert', legacy, 'posted')).toThrow('/name is missing')
    const item = { name: 'pen', price: 1, ID: 'SKU-1' }
    expect(judgeItem('products', 'upsert', item, 'posted')).toBe(item)
  })

  it.each(['id', 'name', 'price', 'manufacturer'])('knows no legacy form beside a lower-case %s', (name) => {
    const { ...capitalised } = legacy
    expect(() => judgeItem('products', 'upsert', { ...capitalised, [name]: 1 }, 'raw')).toThrow(
      /^\/(name|price)/,
    )
    const item = { name: 'pen', price: 1, ID: 777, Name: 5, Price: 'SKU-1' }
    expect(judgeItem('products', 'upsert', item, 'raw')).toBe(item)
  })

  it('takes the bare form of a metric from raw messages alone', () => {
    expect(judgeItem('metrics', 'upsert', { value: 5 }, 'raw')).toEqual({ data: { value: 5 } })
    const both = { data: { name: 'x' }, value: 5 }
    expect(judgeItem('metrics', 'upsert', both, 'raw')).toEqual({ data: both })
    expect(judgeItem('metrics', 'upsert', both, 'posted')).toBe(both)
    expect(() => judgeItem('metrics', 'upsert', { value: 5 }, 'posted')).toThrow('/data is missing')
    expect(() => judgeItem('metrics', 'upsert', 5, 'raw')).toThrow('must be object')
  })
})
