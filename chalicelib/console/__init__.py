"""The officers' console: a page that asks this API as any other client does. `app/` is what the browser runs, `vendor/` what it loads of others."""
