import { expect, test } from '@jest/globals'
import type { FastifyReply } from 'fastify'
import fc from 'fast-check'
import { OpenReplies, type OpenReply } from './open-replies.ts'

const Steps = fc.array(fc.oneof(fc.constant('add'), fc.constant('look'), fc.nat(20)))

test('a look finds what began before the look before it and is not out yet, the oldest first', () => {
  fc.assert(
    fc.property(Steps, (steps) => {
      const replies = new OpenReplies()
      const model: { open: OpenReply; looks: number }[] = []
      for (const step of steps) {
        if (step === 'add') model.push({ open: replies.add({} as FastifyReply), looks: 0 })
        else if (step === 'look') {
          const old = model.filter(({ looks }) => looks > 0).map(({ open }) => open.reply)
          expect(replies.look().map(({ reply }) => reply)).toEqual(old)
          for (const one of model) one.looks++
        } else {
          const [gone] = model.splice(Number(step), 1)
          if (gone) replies.remove(gone.open)
        }
      }
    }),
  )
})
