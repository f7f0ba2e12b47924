import { expect, test } from '@jest/globals'
import { cleanNats, startNats, testPrefix } from '../src/index.ts'
import { connect } from 'nats'

test('a test deletes the streams of its prefix and no others', async () => {
  await using server = await startNats()
  const connection = await connect({ servers: server.url })
  const { streams } = await connection.jetstreamManager()
  const [mine, other] = [testPrefix(), testPrefix()]
  const names = [`${mine}_logs`, `${mine}_metrics`, `${other}_logs`, 'logs']
  for (const name of names) await streams.add({ name, subjects: [`${name}.>`] })
  await cleanNats(server.url, mine)
  const left: string[] = []
  for await (const name of streams.names()) left.push(name)
  expect(left.sort()).toEqual([`${other}_logs`, 'logs'].sort())
  await connection.close()
})

test('a prefix that is not of a test is refused', async () => {
  await expect(cleanNats('nats://127.0.0.1:1', 'production')).rejects.toThrow(
    /"production" is no prefix of a test/,
  )
})

test('a prefix fits SUBJECT_PREFIX', () => {
  expect(testPrefix()).toMatch(/^[A-Za-z0-9_-]{1,32}$/)
})
