import { createEventIds, type EventForm, type JsonValue } from '@runnel/contracts'
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

  test.each(['"2"', '2.5', 'true', '{}', '1e300'])('takes no version of %s', (version) => {
    for (const promoteOne of [promote, promoteRaw]) {
      expect(() => promoteOne(`{"name":"pen","price":1,"version":${version}}`)).toThrow('/version')
    }
  })

  test('takes the version of a deletion', () => {
    const id = nextId()
    const source = { id, sourceId: id, form: 'message', receivedMs: 0, position: undefined } as const
    const remove = (data: JsonValue) => promoteProduct({ ...source, op: 'delete', data })
    expect(remove({ id: 5, version: 7 })).toMatchObject({ productId: 5, version: 7, op: 'delete' })
    expect(remove({ id: 5 })).toMatchObject({ productId: 5, version: null })
    expect(() => remove({ id: 5, version: '7' })).toThrow('/version')
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
