"""The documentation as a site: pages made from what the code declares, from `docs/guides/` and from the changelog.

Site().read("docs/errors/not_found")    one page, made now: `make run` and the tests serve these
python -m infra.site FOLDER             all of them as files for any file server: `make site`
python -m infra.site FILE.zip           all of them as they are packed with the code: `make package`
"""
