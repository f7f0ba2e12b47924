import { AppError } from '@runnel/contracts'
import * as client from 'openid-client'
import type { PendingSignIn } from '../pending-sign-in.ts'
import { claimOf, rolesOf, type Claims } from '../roles-of.ts'
import type { PeopleSettings } from '../settings.ts'
import type { SignedIn } from '../signed-in.ts'
import { createLogoutTokenReader, type EndedAtProvider } from './logout-token.ts'
import { oidcTrouble } from './oidc-trouble.ts'

/** For how long what the provider publishes of itself counts: its addresses change seldom. */
const METADATA_MS = 10 * 60_000
const MAX_NAME = 200
const CONTROLS = /\p{Cc}+/gu

interface Metadata {
  readonly server: client.ServerMetadata
  readonly readAtMs: number
  readonly readLogoutToken: (token: string) => Promise<EndedAtProvider>
}

/** A provider of OpenID Connect: authorization code with PKCE, and everything that comes back is checked by its keys. */
export class OidcProvider {
  readonly issuer: string
  readonly #settings: PeopleSettings['oidc']
  readonly #publicUrl: string
  readonly #nowMs: () => number
  #metadata: Metadata | undefined
  #reading: Promise<Metadata> | undefined

  /** @param nowMs monotonic milliseconds */
  constructor({ oidc, publicUrl }: PeopleSettings, nowMs = () => performance.now()) {
    this.issuer = oidc.issuer
    this.#settings = oidc
    this.#publicUrl = new URL(publicUrl).origin
    this.#nowMs = nowMs
  }

  /**
   * @param returnTo what the person wanted to see
   * @returns where the browser goes, and what it has to bring back
   * @throws AppError upstream_unavailable | sign_in_failed
   */
  async begin(returnTo: string): Promise<{ readonly url: URL; readonly pending: PendingSignIn }> {
    const config = await this.#configure()
    const codeVerifier = client.randomPKCECodeVerifier()
    const pending = { state: client.randomState(), nonce: client.randomNonce(), codeVerifier, returnTo }
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `${this.#publicUrl}/auth/callback`,
      scope: this.#settings.scopes,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
    })
    return { url, pending }
  }

  /**
   * @param query with which the browser came back
   * @throws AppError upstream_unavailable | sign_in_failed
   */
  async finish(query: string, { state, nonce, codeVerifier }: PendingSignIn): Promise<SignedIn> {
    const config = await this.#configure()
    return this.#explain(async () => {
      const tokens = await client.authorizationCodeGrant(
        config,
        new URL(`/auth/callback${query}`, this.#publicUrl),
        { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier, idTokenExpected: true },
      )
      const claims = tokens.claims()
      if (!claims) throw new AppError('sign_in_failed', 'The provider sent no ID token')
      return this.#toPerson(await this.#complete(config, claims, tokens.access_token))
    })
  }

  /** @returns where the provider ends its own session; undefined where it offers nothing like that, or is away */
  async endSessionUrl(): Promise<string | undefined> {
    const config = await this.#configure().catch(() => undefined)
    if (config?.serverMetadata().end_session_endpoint === undefined) return undefined
    const post_logout_redirect_uri = `${this.#publicUrl}/auth/signed-out`
    return client.buildEndSessionUrl(config, { post_logout_redirect_uri }).href
  }

  /**
   * Reads what the provider sends when a session has ended there.
   *
   * @throws AppError sign_in_failed where it is not of the provider; upstream_unavailable
   */
  async readLogoutToken(token: string): Promise<EndedAtProvider> {
    const { readLogoutToken } = await this.#readMetadata()
    return readLogoutToken(token)
  }

  /** Some providers put roles and names only where the access token leads to. */
  async #complete(
    config: client.Configuration,
    claims: client.IDToken,
    accessToken: string,
  ): Promise<Claims> {
    const { roleClaim, nameClaim } = this.#settings
    const isComplete = [roleClaim, nameClaim].every((name) => claimOf(claims, name) !== undefined)
    if (isComplete || config.serverMetadata().userinfo_endpoint === undefined) return claims
    return { ...(await client.fetchUserInfo(config, accessToken, claims.sub)), ...claims }
  }

  #toPerson(claims: Claims): SignedIn {
    const { sub, email, sid } = claims as { sub: string; email?: unknown; sid?: unknown }
    const names = [claimOf(claims, this.#settings.nameClaim), email].filter(
      (name) => typeof name === 'string',
    )
    const [name = sub] = names
      .map((text) => text.replace(CONTROLS, ' ').trim().slice(0, MAX_NAME))
      .filter(Boolean)
    return {
      ...{ issuer: this.issuer, personId: sub, name, roles: rolesOf(claims, this.#settings) },
      providerSession: typeof sid === 'string' ? sid : null,
    }
  }

  /** Made anew each time, so that the keys of the provider are read for each sign-in: it may have changed them just now. */
  async #configure(): Promise<client.Configuration> {
    const { server } = await this.#readMetadata()
    const { clientId, timeoutMs } = this.#settings
    const config = new client.Configuration(server, clientId, {}, this.#authenticate(server))
    config.timeout = timeoutMs / 1000
    for (const prepare of this.#preparations()) prepare(config)
    return config
  }

  #authenticate(server: client.ServerMetadata): client.ClientAuth {
    const { clientSecret } = this.#settings
    if (clientSecret === '') return client.None()
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return methods.includes('client_secret_post')
      ? client.ClientSecretPost(clientSecret)
      : client.ClientSecretBasic(clientSecret)
  }

  #preparations(): ((config: client.Configuration) => void)[] {
    // Plain http is for a provider on this machine; the start refuses any other.
    const isPlain = this.issuer.startsWith('http:')
    return [...(isPlain ? [client.allowInsecureRequests] : []), client.enableNonRepudiationChecks]
  }

  #readMetadata(): Promise<Metadata> {
    const known = this.#metadata
    if (known && this.#nowMs() - known.readAtMs < METADATA_MS) return Promise.resolve(known)
    this.#reading ??= this.#discover().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  #discover(): Promise<Metadata> {
    const { clientId, timeoutMs } = this.#settings
    return this.#explain(async () => {
      const options = { execute: this.#preparations(), timeout: timeoutMs / 1000 }
      const found = await client.discovery(new URL(this.issuer), clientId, {}, client.None(), options)
      const { supportsPKCE: _, ...server } = found.serverMetadata()
      const readLogoutToken = createLogoutTokenReader(server, clientId, timeoutMs)
      this.#metadata = { server, readAtMs: this.#nowMs(), readLogoutToken }
      return this.#metadata
    })
  }

  async #explain<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw oidcTrouble(this.issuer, error)
    }
  }
}
