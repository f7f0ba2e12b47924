import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createHostJudge } from './host-judge.ts'

const judge = createHostJudge(['runnel.example', 'ingest-api', 'xn--e1afmkfd.example'])

describe('a host', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:8080', '0.0.0.0', '10.244.3.17:8080', '192.168.1.5', '127.1:8080', '2130706433'],
    [
      '[::1]',
      '[::1]:8000',
      '[fd00:10:244::5]:8080',
      '[fe80::1%eth0]:80',
      '[fe80::1%25eth0]',
      '[::ffff:10.0.0.1]',
    ],
    ['localhost', 'LOCALHOST:8000', 'localhost.', 'localhost.:8000', 'a.localhost', 'a.b.localhost:1'],
    ['runnel.example', 'Runnel.Example:443', 'runnel.example.', 'ingest-api:8080', 'xn--e1afmkfd.example'],
  ])('that is an address, local or named in the setting is allowed: %s, %s, ...', (...hosts) => {
    expect(hosts.map((host) => [host, judge(host)])).toEqual(hosts.map((host) => [host, 'allowed']))
  })

  it.each([
    ['evil.example', 'evil.example:8080', 'evil.example.'],
    ['127.0.0.1.evil.example', 'localhost.evil.example', 'evillocalhost', 'notlocalhost:80'],
    [
      'sub.runnel.example',
      'runnel.example.evil.example',
      'runnel.exampleevil',
      'xrunnel.example',
      'ingest-api.evil',
    ],
  ])('of another name is refused: %s, %s, ...', (...hosts) => {
    expect(hosts.map((host) => [host, judge(host)])).toEqual(hosts.map((host) => [host, 'refused']))
  })

  it.each([
    ['', ' ', ':8000', 'localhost:99999', 'localhost:x', 'localhost:80:80'],
    [
      'evil.example@localhost',
      'localhost@evil.example',
      'localhost/evil',
      'localhost\\evil',
      'localhost#',
      'localhost?',
    ],
    ['local host', 'localhost,evil.example', '%6cocalhost', 'localhost\t', 'http://localhost', 'ｌocalhost'],
    ['[::1', '::1', '[::1]evil', '[evil.example]', '[::1].evil', '[]', '1.2.3.4.5', '[127.0.0.1]'],
  ])('that no client would write is malformed: %s, %s, ...', (...hosts) => {
    expect(hosts.map((host) => [host, judge(host)])).toEqual(hosts.map((host) => [host, 'malformed']))
  })

  it('is never allowed where a browser would ask a name server for it', () => {
    const part = fc.stringMatching(/^[a-zA-Z0-9_.:@/\\%[\]-]{0,12}$/)
    const dressed = fc
      .tuple(part, fc.constantFrom('evil.example', 'EVIL.example.', 'evil.example:80', '.evil.example'), part)
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(dressed, (host) => {
        const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
        if (judge(host) === 'allowed') expect(name).toMatch(/(^|\.)localhost\.?$|^\[|^[\d.]+$/)
      }),
    )
  })

  it('is judged alike however often it is asked', () => {
    fc.assert(
      fc.property(fc.domain(), fc.ipV4(), (name, address) => {
        expect([judge(name), judge(name)]).toEqual(['refused', 'refused'])
        expect([judge(address), judge(address)]).toEqual(['allowed', 'allowed'])
      }),
    )
  })
})
