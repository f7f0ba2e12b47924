import { describe, expect, it } from '@jest/globals'
import { recogniseLogFields } from './log-fields.ts'

describe('recogniseLogFields', () => {
  it.each([
    ['[Sun Dec 04 04:47:44 2005] [notice] x', { timestamp: '2005-12-04T04:47:44Z', level: 'notice' }],
    [
      '081109 203615 148 INFO dfs.DataNode$PacketResponder: x',
      { timestamp: '2008-11-09T20:36:15Z', level: 'info', service: 'dfs.DataNode$PacketResponder' },
    ],
    [
      'nova-api.log.1.2017 2017-05-16 00:00:00.008 25746 INFO nova.wsgi [req] x',
      { timestamp: '2017-05-16T00:00:00.008Z', level: 'info', service: 'nova.wsgi' },
    ],
    [
      '2026-03-02T08:00:00.012+02:00 [WARN] checkout: x',
      { timestamp: '2026-03-02T08:00:00.012+02:00', level: 'warn', service: 'checkout' },
    ],
    ['2026-03-02 08:00:00 ERROR no service here', { timestamp: '2026-03-02 08:00:00', level: 'error' }],
  ])('reads %s', (line, fields) => {
    expect(recogniseLogFields(line)).toEqual(fields)
  })

  it.each([
    '',
    'at connect (mailer.js:41:9)',
    '12345 INFO x',
    '[Sun Foo 04 04:47:44 2005] [notice] x',
    'INFO',
  ])('claims nothing of %j', (line) => {
    expect(recogniseLogFields(line)).toEqual({})
  })

  it('leaves out a time that does not exist', () => {
    expect(recogniseLogFields('2026-13-45T08:00:00Z INFO a: x')).toEqual({ level: 'info', service: 'a' })
  })
})
