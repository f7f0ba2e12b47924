import { html } from '../../pages/html.ts'
import { layout } from '../../pages/layout.ts'

interface AccountPageOptions {
  /** Path to open afterwards. */
  readonly to: string
  /** As it was typed before. */
  readonly name?: string
  /** Why the last attempt failed. */
  readonly problem?: string
  readonly hasProvider: boolean
}

/** The form for people with local accounts. */
export function accountPage({ to, name = '', problem, hasProvider }: AccountPageOptions): string {
  return layout({
    title: 'Sign in',
    content: html`<div class="note">
      <h1>Sign in with a local account</h1>
      ${problem === undefined ? undefined : html`<p role="alert">${problem}.</p>`}
      <form method="post" action="/sign-in">
        <input type="hidden" name="to" value="${to}" />
        <p>
          <label>
            Name
            <input name="name" value="${name}" autocomplete="username" required maxlength="100" />
          </label>
        </p>
        <p>
          <label>
            Password
            <input name="password" type="password" autocomplete="current-password" required maxlength="200" />
          </label>
        </p>
        <p>
          <label>
            Code of your app
            <input name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="20" />
          </label>
        </p>
        <p><button type="submit">Sign in</button></p>
      </form>
      ${hasProvider ? html`<p><a href="/auth/login">Sign in at the provider</a></p>` : undefined}
      <p><a href="/sign-in-with-key">Use an API key</a></p>
    </div>`,
  })
}
