import { expect, test } from '@jest/globals'
import { createSender } from '@runnel/client'
import { LOG_MEMBERS } from '@runnel/contracts'

test('the sender adds a time to no log in which the server finds one', async () => {
  const sent: object[] = []
  const sender = createSender({
    url: 'http://runnel.test',
    fetch: async (_url, { body }) => {
      sent.push(...(body as string).split('\n').map((line) => JSON.parse(line) as object))
      return Response.json({ status: 'ok', accepted: sent.length, rejected: [] })
    },
  })
  for (const name of LOG_MEMBERS.time) await sender.log({ [name]: 'a time' })
  await sender.close()
  const others = sent.filter((log) => 'timestamp' in log && log.timestamp !== 'a time')
  expect(sent).toHaveLength(LOG_MEMBERS.time.length)
  expect(others).toEqual([])
})
