import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Scope } from '@runnel/contracts'
import { createSignFor, DEFAULT_HTTP_OPTIONS } from '@runnel/http'
import { startDispatcher, type TestDispatcher } from './start-dispatcher.ts'

const ACCESS = {
  auth: 'keys',
  app: 'message-dispatcher',
  identitySecret: 'secret',
  forwardedUser: { networks: [], secret: '', role: 'viewer' },
} as const

describe('preparing a mailing without the scope that sends it', () => {
  let dispatcher: TestDispatcher
  beforeAll(async () => {
    dispatcher = await startDispatcher({ deps: { httpOptions: { ...DEFAULT_HTTP_OPTIONS, access: ACCESS } } })
  })
  afterAll(() => dispatcher.stop())

  const sign = createSignFor(ACCESS)
  const request = async (
    method: 'POST' | 'PATCH',
    url: string,
    payload: object | undefined,
    scopes: Scope[],
  ) => {
    const principal = { kind: 'key', id: 'k', name: 'key', isTest: false, namespace: '' } as const
    const headers = sign({ ...principal, scopes: new Set(scopes) }, { app: ACCESS.app, method, url })
    const answer = await dispatcher.inject({ method, url, headers, ...(payload && { payload }) })
    return {
      status: answer.statusCode,
      body: answer.json<{ id: number; code?: string; missingScopes?: string[] }>(),
    }
  }
  const mailing = () => ({
    name: 'Sale',
    text: 'Hello',
    start: new Date(dispatcher.clock.nowMs() + 3_600_000).toISOString(),
    end: new Date(dispatcher.clock.nowMs() + 7_200_000).toISOString(),
  })

  it('creates and edits drafts, and nothing that would be sent', async () => {
    const url = '/api/v1/mailings'
    expect(await request('POST', url, mailing(), ['mailings:write'])).toMatchObject({
      status: 403,
      body: { code: 'forbidden', missingScopes: ['mailings:send'] },
    })
    const { status, body } = await request('POST', url, { ...mailing(), draft: true }, ['mailings:write'])
    expect(status).toBe(201)
    const edit = (scopes: Scope[]) => request('PATCH', `${url}/${body.id}`, { text: 'Hi' }, scopes)
    expect((await edit(['mailings:write'])).status).toBe(200)
    const act = (action: string, scopes: Scope[]) =>
      request('POST', `${url}/${body.id}/${action}`, undefined, scopes)
    expect((await act('schedule', ['mailings:write'])).status).toBe(403)
    expect((await act('schedule', ['mailings:send'])).status).toBe(200)
    expect(await edit(['mailings:write'])).toMatchObject({
      status: 403,
      body: { missingScopes: ['mailings:send'] },
    })
    expect((await edit(['mailings:write', 'mailings:send'])).status).toBe(200)
    expect((await act('cancel', ['mailings:write'])).status).toBe(200)
  })
})
