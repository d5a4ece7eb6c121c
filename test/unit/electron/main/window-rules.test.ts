import { describe, expect, it } from 'vitest';
import { isOutsideLink, isOwnAddress, windowAddress } from '#electron/main/window-rules.ts';

describe('isOwnAddress', () => {
  it('is true for the page itself', () => {
    expect(isOwnAddress(windowAddress)).toBe(true);
    expect(isOwnAddress(`${windowAddress}#node`)).toBe(true);
  });

  it.each([
    'https://example.com/',
    'http://127.0.0.1:4870/',
    'file:///etc/passwd',
    'caudal://window.example.com/',
    'caudal://other/',
    'caudal://window/assets/main.js',
    'data:text/html,<script>1</script>',
    'about:blank',
    '',
  ])('fails for %s', (url) => {
    expect(isOwnAddress(url)).toBe(false);
  });
});

describe('isOutsideLink', () => {
  it('is true for pages of the web', () => {
    expect(isOutsideLink('https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html')).toBe(true);
  });

  it.each([
    'http://example.com/',
    'file:///etc/passwd',
    'smb://host/share',
    'javascript:alert(1)',
    'ms-settings:',
    'x',
  ])('fails for %s', (url) => {
    expect(isOutsideLink(url)).toBe(false);
  });
});
