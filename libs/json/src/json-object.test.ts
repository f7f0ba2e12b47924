import { describe, expect, it } from '@jest/globals'
import { omitMembers, setMember } from './json-object.ts'
import type { JsonObject } from '@runnel/contracts'

const HOSTILE = '{"a":1,"__proto__":{"x":1},"b":{"c":2},"constructor":3}'

describe('setMember', () => {
  it('makes a member of every name, that of the prototype too', () => {
    const object: JsonObject = {}
    for (const [name, value] of Object.entries(JSON.parse(HOSTILE) as JsonObject))
      setMember(object, name, value)
    expect(JSON.stringify(object)).toBe(HOSTILE)
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
    delete object['__proto__']
    expect(Object.keys(object)).toEqual(['a', 'b', 'constructor'])
  })
})

describe('omitMembers', () => {
  it('copies all other members in their order, and leaves the object as it is', () => {
    const object = JSON.parse(HOSTILE) as JsonObject
    const copy = omitMembers(object, new Set(['b', 'toString']))
    expect(JSON.stringify(copy)).toBe('{"a":1,"__proto__":{"x":1},"constructor":3}')
    expect(JSON.stringify(object)).toBe(HOSTILE)
  })
})
