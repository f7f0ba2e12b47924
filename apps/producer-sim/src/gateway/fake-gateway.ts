import {
  createHostCheck,
  DEFAULT_HTTP_OPTIONS,
  statusOf,
  type HostCheck,
  type HttpOptions,
} from '@runnel/http'
import type { Logger } from '@runnel/observability'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerCall, refuse } from './answer-call.ts'
import { completeProbabilities, onlyBehaviour } from './behaviours.ts'
import { CallLog } from './call-log.ts'
import {
  changeSettings,
  type GatewayChange,
  type GatewayMode,
  type GatewaySettings,
} from './gateway-settings.ts'
import { GatewayListener, type Address } from './gateway-listener.ts'
import { readBody, readHead, type Refusal } from './read-call.ts'
import { BEHAVIOURS, type Behaviour, type Probabilities } from '@runnel/contracts/api/fake-gateway'
import { createRandom } from '../load/random.ts'

export interface FakeGatewayOptions {
  /** How it starts. */
  readonly mode: GatewayMode
  readonly settings: Omit<GatewaySettings, 'down' | 'probabilities'>
  /** What callers have to present. */
  readonly token: string
  /** Calls that are kept; past them none is taken. */
  readonly maxCalls: number
  /** How requests are judged before their routes. Default: the settings of an empty environment. */
  readonly httpOptions?: HttpOptions | undefined
}

/** Bytes of a body. */
const BODY_LIMIT = 64 * 1024

/**
 * Stands in for the gateway through which messages go out, with every trouble that one may have, and keeps what it was
 * asked for. A plain server, not Fastify: it must never be what slows a measurement down.
 */
export class FakeGateway {
  readonly calls: CallLog
  readonly #log: Logger
  readonly #initial: GatewaySettings
  readonly #authorization: string
  readonly #listener: GatewayListener
  readonly #hosts: HostCheck
  readonly #refused = { unauthorised: 0, malformed: 0, full: 0 }
  #settings: GatewaySettings
  #choose: ChooseBehaviour
  /** Calls since the sequence began. */
  #call = 0
  #lastTurn: Promise<unknown> = Promise.resolve()

  constructor(log: Logger, options: FakeGatewayOptions) {
    const { mode, settings: others, token, maxCalls, httpOptions = DEFAULT_HTTP_OPTIONS } = options
    const always = { ...others, down: false, probabilities: completeProbabilities({}) }
    const settings = changeSettings(always, mode)
    this.#log = log
    this.#initial = settings
    this.#settings = settings
    this.#choose = createChoice(settings.probabilities, settings.seed)
    this.#authorization = `Bearer ${token}`
    this.calls = new CallLog(maxCalls)
    this.#hosts = createHostCheck(httpOptions)
    this.#listener = new GatewayListener(
      (request, response) => this.#take(request, response),
      log,
      httpOptions.tls,
    )
  }

  get settings(): GatewaySettings {
    return this.#settings
  }

  /** Calls that were none, by reason. */
  get refused(): Readonly<Record<'unauthorised' | 'malformed' | 'full', number>> {
    return this.#refused
  }

  /** undefined before it has listened */
  get url(): string | undefined {
    return this.#listener.url
  }

  /** Opens its port, also where it is to be down at first: that it can is known then. @throws what listening throws */
  listen(address: Address): Promise<void> {
    return this.#inTurn(async () => {
      await this.#listener.open(address)
      if (this.#settings.down) await this.#listener.shut()
    })
  }

  /** What is not named stays as it is. @throws AppError invalid_field; conflict where its port was taken meanwhile */
  change(change: GatewayChange): Promise<void> {
    return this.#inTurn(() => this.#become(changeSettings(this.#settings, change)))
  }

  /** What is not named becomes what it was at the start. @throws as {@link change} */
  replace(change: GatewayChange): Promise<void> {
    return this.#inTurn(() => this.#become(changeSettings(this.#initial, change)))
  }

  /** Forgets all calls, and begins the sequence anew. */
  reset(): void {
    this.calls.clear()
    this.#call = 0
    Object.assign(this.#refused, { unauthorised: 0, malformed: 0, full: 0 })
  }

  /** Cuts what is open, for good. */
  close(): Promise<void> {
    return this.#inTurn(() => this.#listener.close())
  }

  async #become(settings: GatewaySettings): Promise<void> {
    const before = this.#settings
    if (settings.down && !before.down) await this.#listener.shut()
    if (!settings.down && before.down) await this.#listener.reopen()
    if (settings.seed !== before.seed) this.#call = 0
    this.#settings = settings
    this.#choose = createChoice(settings.probabilities, settings.seed)
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const foreign = this.#hosts.refusalOf(request)
    if (foreign) return this.#refuse(response, { status: statusOf(foreign.code), message: foreign.message })
    const msgId = readHead(request, this.#authorization)
    if (typeof msgId !== 'number') return this.#refuse(response, msgId)
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      if (body.length > BODY_LIMIT) return
      body += chunk
      if (body.length > BODY_LIMIT) this.#refuse(response, { status: 413, message: 'The body is too long' })
    })
    request.on('end', () => {
      if (body.length <= BODY_LIMIT) this.#answer(response, body, msgId)
    })
  }

  #answer(response: ServerResponse, body: string, msgId: number): void {
    const call = readBody(body, msgId)
    if ('status' in call) return this.#refuse(response, call)
    if (this.calls.full) return this.#refuseForWantOfRoom(response)
    const behaviour = this.#behaviourOf(String(call.phone))
    this.calls.add(call.id, call.phone, behaviour, this.#settings.deduplicates)
    answerCall(response, behaviour, this.#settings)
  }

  #behaviourOf(phone: string): Behaviour {
    const { phoneSuffix, refusedSuffix } = this.#settings
    const chosen = this.#choose(this.#call++)
    if (refusedSuffix !== '' && phone.endsWith(refusedSuffix)) return 'nonzero-code'
    return phoneSuffix === '' || phone.endsWith(phoneSuffix) ? chosen : 'ok'
  }

  #refuse(response: ServerResponse, refusal: Refusal): void {
    if (refusal.status === 401) this.#refused.unauthorised++
    else this.#refused.malformed++
    refuse(response, refusal)
  }

  /** To take what it could not keep would make every check of its calls wrong. */
  #refuseForWantOfRoom(response: ServerResponse): void {
    const { limit } = this.calls
    const message = `${limit} calls are kept, and no more fit; DELETE /api/v1/gateway/calls forgets them`
    if (this.#refused.full++ === 0) this.#log.error({ limit }, message)
    refuse(response, { status: 503, message })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastTurn.then(work)
    this.#lastTurn = done.catch(() => undefined)
    return done
  }
}

/** What becomes of the call with this number. */
type ChooseBehaviour = (call: number) => Behaviour

/** Depends on nothing but its parameters: the same seed makes the same sequence, whatever the calls are. */
function createChoice(probabilities: Probabilities, seed: number): ChooseBehaviour {
  const only = onlyBehaviour(probabilities)
  // Where nothing is left to chance none is asked: a gateway without trouble is to be as fast as it can be.
  if (only !== undefined) return () => only
  return (call) => {
    let left = createRandom(seed, call)()
    for (const behaviour of BEHAVIOURS) {
      left -= probabilities[behaviour]
      if (left < 0) return behaviour
    }
    return 'ok'
  }
}
