import { expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readServiceFiles } from './read-service-files.ts'

it('what a file says of a server counts as its variable, and the file no more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'runnel-files-'))
  try {
    const file = join(folder, 'url')
    writeFileSync(file, 'postgres://me:secret@h/runnel\n')
    const env = { DATABASE_URL_FILE: file, NATS_URL: 'nats://h' }
    readServiceFiles(env)
    expect(env).toEqual({ DATABASE_URL: 'postgres://me:secret@h/runnel', NATS_URL: 'nats://h' })
    expect(() => readServiceFiles({ ...env, DATABASE_URL_FILE: file })).toThrow('both set')
    expect(() => readServiceFiles({ REDIS_URL_FILE: folder })).toThrow(/REDIS_URL_FILE=.*a regular file/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('apps are given the broker by one name, whichever it has', () => {
  const env = { BROKER_URL: 'amqp://h' }
  readServiceFiles(env)
  expect(env).toEqual({ NATS_URL: 'amqp://h' })
  expect(() => readServiceFiles({ RABBITMQ_URL: 'amqp://h', NATS_URL: 'nats://h' })).toThrow('both set')
})

it('and PostgreSQL', () => {
  const env = { POSTGRES_URL: 'postgres://h/runnel' }
  readServiceFiles(env)
  expect(env).toEqual({ DATABASE_URL: 'postgres://h/runnel' })
})
