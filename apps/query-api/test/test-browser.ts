import type { LightMyRequestResponse } from 'fastify'
import type { Api } from './start-api.ts'

const REDIRECTS = new Set([301, 302, 303, 307])

/** What a page or a redirect answered. */
export interface BrowserAnswer {
  readonly status: number
  readonly url: string
  readonly body: string
  readonly headers: LightMyRequestResponse['headers']
}

/** Follows redirects between the app and a provider, with the cookies of each. */
export class TestBrowser {
  readonly #api: Api
  readonly #origin: string
  readonly cookies = new Map<string, Map<string, string>>()

  constructor(api: Api, origin: string) {
    this.#api = api
    this.#origin = origin
  }

  /** Opens an address and follows where it leads, up to the first answer that is no redirect or whose address is `until`. */
  async open(url: string, until?: (url: string) => boolean): Promise<BrowserAnswer> {
    let next = new URL(url, this.#origin).href
    for (let i = 0; i < 15; i++) {
      if (until?.(next)) return { status: 0, url: next, body: '', headers: {} }
      const answer = await this.send('GET', next)
      const { location } = answer.headers
      if (!REDIRECTS.has(answer.status) || location === undefined) return answer
      next = new URL(location, next).href
    }
    throw new Error(`${url} redirects without end`)
  }

  async send(method: 'GET' | 'POST' | 'DELETE', url: string): Promise<BrowserAnswer> {
    const { origin, host, pathname, search } = new URL(url, this.#origin)
    const cookies = this.cookies.get(origin) ?? new Map<string, string>()
    this.cookies.set(origin, cookies)
    const headers = { host, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    const answer =
      origin === this.#origin
        ? await this.#inject(method, pathname + search, headers)
        : await this.#fetch(method, url, headers.cookie)
    for (const line of answer.setCookies) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) cookies.delete(pair.slice(0, at))
      else cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return { ...answer, url }
  }

  async #inject(method: 'GET' | 'POST' | 'DELETE', url: string, headers: Record<string, string>) {
    const answer = await this.#api.http.inject({ method, url, headers })
    const { statusCode: status, body } = answer
    return { status, body, headers: answer.headers, setCookies: [answer.headers['set-cookie'] ?? []].flat() }
  }

  async #fetch(method: string, url: string, cookie: string) {
    const answer = await fetch(url, { method, redirect: 'manual', headers: { cookie } })
    const { status } = answer
    const headers = Object.fromEntries(answer.headers) as LightMyRequestResponse['headers']
    return { status, body: await answer.text(), headers, setCookies: answer.headers.getSetCookie() }
  }
}
