import { jest } from '@jest/globals'
import { decodeJwt, SignJWT, type JWTPayload } from 'jose'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

/** An issuer as tests see it. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who signs in next, and the groups of that person. */
  person: { readonly id: string; readonly groups: readonly string[] }
  /** Changes ID tokens before they are signed and sent. */
  change: ((claims: JWTPayload) => JWTPayload) | undefined
  /** Signs with a key that the provider does not publish. */
  signsWithForeignKey: boolean
  /** Replaces the key: the old one is published no more. */
  rotate(): void
  /** Refuses every connection until it is called again with false. */
  setAway(isAway: boolean): Promise<void>
  /** A logout token as the provider would send it. */
  logoutToken(claims: JWTPayload): Promise<string>
}

const CLIENT = { clientId: 'runnel', clientSecret: 'a-secret-of-the-client-that-no-log-may-show' }

/**
 * The real oidc-provider on a free port. Instead of a form, it signs in the person that the test names; and it can be made to send
 * what a provider never should.
 *
 * @param publicUrl of the app that people come from
 */
export async function startProvider(publicUrl: string): Promise<TestProvider> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  let key = createKey('first')
  const foreign = createKey('first')
  const serve = () => {
    const provider = new Provider(issuer, configure(publicUrl, key.privateKey, key.kid, test))
    provider.use(async (ctx, next) => {
      if (ctx.path.startsWith('/interaction/')) {
        await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: test.person.id } })
        ctx.respond = false
        return
      }
      await next()
      if (ctx.path === '/jwks')
        ctx.body = {
          keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: key.kid, use: 'sig', alg: 'RS256' }],
        }
      const body = ctx.body as { id_token?: string } | undefined
      if (ctx.path === '/token' && body?.id_token !== undefined)
        body.id_token = await sign(decodeJwt(body.id_token))
    })
    const handle = provider.callback()
    server.on('request', (request, response) => void handle(request, response))
  }
  const sign = async (claims: JWTPayload, typ?: string) => {
    const { kid, privateKey } = test.signsWithForeignKey ? foreign : key
    const header = { alg: 'RS256', kid, ...(typ !== undefined && { typ }) }
    return new SignJWT(test.change?.(claims) ?? claims).setProtectedHeader(header).sign(privateKey)
  }
  const test: TestProvider = {
    ...{
      issuer,
      ...CLIENT,
      person: { id: 'ann', groups: [] },
      change: undefined,
      signsWithForeignKey: false,
    },
    rotate: () => {
      key = createKey('second')
    },
    setAway: async (isAway) => {
      if (isAway) {
        server.closeAllConnections()
        server.close()
      } else {
        server.listen(port, '127.0.0.1')
        await once(server, 'listening')
      }
    },
    logoutToken: (claims) => sign(claims, 'logout+jwt'),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
  // It writes to the console what a production server would have to change.
  const silenced = [jest.spyOn(console, 'info'), jest.spyOn(console, 'warn')].map((spy) =>
    spy.mockReturnValue(),
  )
  serve()
  for (const spy of silenced) spy.mockRestore()
  return test
}

function configure(publicUrl: string, key: KeyObject, kid: string, test: TestProvider): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [`${publicUrl}/auth/callback`],
        post_logout_redirect_uris: [`${publicUrl}/auth/signed-out`],
      },
    ],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } as never] },
    cookies: { keys: ['of the test'] },
    claims: { openid: ['sub', 'sid'], profile: ['preferred_username', 'groups'], email: ['email'] },
    conformIdTokenClaims: false,
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 600,
      Session: 600,
    },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    pkce: { required: () => true },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: `${id} of the shop`, groups: [...test.person.groups] }),
    }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: CLIENT.clientId,
        accountId: oidc.session!.accountId!,
      })
      grant.addOIDCScope('openid profile email')
      await grant.save()
      return grant
    },
  }
}

function createKey(kid: string) {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }
}
