"""An outside world that fits in a pocket: Slack, App Store Connect and a page to use them.

It speaks their protocols over real sockets and says no as they do. It knows
nothing of the bot and imports nothing of it; whoever talks to it does so over HTTP.
"""
