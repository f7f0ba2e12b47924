import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LabelNames } from './label-names.ts'

it('a name is there twice whatever the order of the others is', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('"a"', '"aa"', '"b"', '"c"')), (list) => {
      const names = new LabelNames()
      const added = list.map((name) => names.add(name))
      expect(added).toEqual(list.map((name, i) => list.indexOf(name) === i))
      expect(list.every((name) => names.has(name))).toBe(true)
    }),
    { seed: 1 },
  )
})
