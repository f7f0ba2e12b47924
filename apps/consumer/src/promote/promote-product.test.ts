import { createEventIds, type EventForm } from '@runnel/contracts'
import { parseJson } from '@runnel/json'
import { describe, expect, test } from '@jest/globals'
import { promoteProduct } from './promote-product.ts'

const nextId = createEventIds()

function promote(text: string, form: EventForm = 'item') {
  const id = nextId()
  const data = parseJson(text)
  return promoteProduct({ id, sourceId: id, op: 'upsert', data, form, receivedMs: 0, position: undefined })
}

const promoteRaw = (text: string) => promote(text, 'message')

describe('promoteProduct', () => {
  test('takes what is unknown for attributes, whatever its name is, and leaves what was sent as it is', () => {
    const sent =
      '{"id":1,"name":"pen","price":1,"eventId":"e","version":3,"__proto__":{"x":1},"Colour":"red"}'
    const { attributes, data, version } = promote(sent)
    expect(JSON.stringify(attributes)).toBe('{"__proto__":{"x":1},"Colour":"red"}')
    expect(JSON.stringify(data)).toBe(sent)
    expect(version).toBe(3)
  })

  test('takes a version for an attribute that is no integer', () => {
    const { attributes, version } = promote('{"name":"pen","price":1,"version":"2.0"}')
    expect({ attributes, version }).toEqual({ attributes: { version: '2.0' }, version: null })
  })

  test('keeps capitalised members of what was posted as attributes', () => {
    const row = promote('{"name":"Unrelated","price":3,"ID":777,"Price":"SKU-1"}')
    expect(row).toMatchObject({ productId: null, attributes: { ID: 777, Price: 'SKU-1' } })
  })

  test('reads capitalised names of a raw message that has no lower-case ones', () => {
    const row = promoteRaw('{"ID":7,"Name":"pen","Price":2,"Manufacturer":"bic","Colour":"red"}')
    expect(row).toMatchObject({ productId: 7, name: 'pen', price: 2, manufacturer: 'bic' })
    expect(row).toMatchObject({ attributes: { Colour: 'red' } })
    const mixed = promoteRaw('{"name":"Unrelated","price":3,"ID":777}')
    expect(mixed).toMatchObject({ productId: null, attributes: { ID: 777 } })
  })

  test('names the member that is missing', () => {
    expect(() => promoteRaw('{"Name":"pen"}')).toThrow('/price is missing')
    expect(() => promote('{"Name":"pen","price":1}')).toThrow('/name is missing')
  })
})
