// Real Chromium against the release build: on a desktop and on a phone, with script and without.
import { defineConfig } from '@playwright/test';

const port = process.env.THIDUA_E2E_PORT ?? '3199';
const desktop = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 360, height: 800 }, isMobile: true, hasTouch: true };
const withoutScript = { javaScriptEnabled: false };

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  forbidOnly: true,
  workers: 2,
  reporter: [['line']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: 'vi-VN',
    launchOptions: {
      executablePath: process.env.THIDUA_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: desktop },
    { name: 'phone', use: phone },
    { name: 'desktop without script', use: { ...desktop, ...withoutScript }, testIgnore: /.*\.(script|hydrate)\.spec\.ts/ },
    { name: 'phone without script', use: { ...phone, ...withoutScript }, testIgnore: /.*\.(script|hydrate)\.spec\.ts/ },
  ],
  webServer: {
    command: `bash serve.sh ${port}`,
    url: `http://127.0.0.1:${port}/readyz`,
    stdout: 'ignore',
    stderr: 'ignore',
  },
});
