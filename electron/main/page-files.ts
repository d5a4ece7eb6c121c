/** Answers the window's requests for its own files, under the same policy as in a browser. */
import { securityHeaders } from '#host/serve/security-headers.ts';
import type { StaticFiles } from '#host/serve/static-files.ts';

export async function pageResponse(files: StaticFiles, url: string): Promise<Response> {
  const { pathname } = new URL(url);
  const file = await files.find(pathname);
  if (file === undefined) return new Response('Not found\n', { status: 404, headers: securityHeaders });
  return new Response(new Uint8Array(file.content), { headers: { ...securityHeaders, 'Content-Type': file.type } });
}
