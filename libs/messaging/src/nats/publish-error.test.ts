import { describe, expect, test } from '@jest/globals'
import { PublishRefusedError, PublishUnknownError } from '../publish-errors.ts'
import { publishErrorOf } from './publish-error.ts'

describe('an answer of JetStream to a publish', () => {
  test('is no error when it carries a sequence', () => {
    expect(publishErrorOf({ stream: 'logs', seq: 1 })).toBeUndefined()
  })

  test.each([
    [{ code: 400, err_code: 10077, description: 'maximum bytes exceeded' }, 'full'],
    [{ code: 500, err_code: 10047, description: 'insufficient storage resources available' }, 'disk_full'],
    [{ code: 503, err_code: 10077, description: 'write /data/1.blk: no space left on device' }, 'disk_full'],
    [{ code: 400, err_code: 10054, description: 'message size exceeds maximum allowed' }, 'too_large'],
    [{ code: 400, err_code: 10060, description: 'expected stream does not match' }, 'rejected'],
  ])('is a refusal: %j', (error, reason) => {
    const failure = publishErrorOf({ error })
    expect(failure).toBeInstanceOf(PublishRefusedError)
    expect(failure).toMatchObject({ reason })
  })

  test.each([
    { error: { code: 503, err_code: 10008, description: 'JetStream system temporarily unavailable' } },
    {},
  ])('leaves the outcome open: %j', (answer) => {
    expect(publishErrorOf(answer)).toBeInstanceOf(PublishUnknownError)
  })
})
